"""An expert system for people in Project Management Offices who wonder what comes next."""

__version__ = "0.1.0"
