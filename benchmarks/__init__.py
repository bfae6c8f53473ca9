"""Measurements: how many questions an interview takes, how fast whole files are answered."""
