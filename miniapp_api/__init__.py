"""The candidate's front door: JSON for the mini-program, the ticket link."""
