"""Jiping 技评: registration for Shanghai's vocational-skill assessments."""
