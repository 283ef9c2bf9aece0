"""How a notice reaches a person: wording, channels, dispatch, receipts."""
