"""Codes become plain sentences, in every language we speak."""
