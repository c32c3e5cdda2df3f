"""Skins in a browser and over HTTP: parse, call app, show."""
