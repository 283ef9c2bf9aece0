"""What each notice says, per channel and by version. Facts are frozen when a notice is written; this puts them in words."""
