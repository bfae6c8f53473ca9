"""Loads knowledge and rules; reports every problem at once, with its location and a hint."""

from fourways.rulebase.load import load, load_builtin, load_sources
from fourways.rulebase.locations import BaseFolders, builtin_folders

__all__ = ["BaseFolders", "builtin_folders", "load", "load_builtin", "load_sources"]
