"""Matches job titles with the roles that the rules know."""

from fourways.answers.titles.matcher import How, TitleMatch, TitleMatcher, matcher_of

__all__ = ["How", "TitleMatch", "TitleMatcher", "matcher_of"]
