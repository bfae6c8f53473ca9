"""Recognize columns that no rule may ever read: age, sex, origin, health, family and belief."""

import re
from unicodedata import combining, normalize

from fourways.answers.values import normalized

# Words of a column's name, without accents. They are not in the knowledge base, so that nobody's
# own knowledge can remove them.
_WORDS = frozenset((
    "age", "ages", "aged", "dob", "yob", "bday", "birth", "birthday", "birthdate", "birthyear",
    "birthplace", "born", "sex", "sexe", "sexo", "sesso", "sexual", "gender", "genders",
    "pronoun", "pronouns", "orientation", "sexuality", "transgender", "lgbt", "lgbtq", "lgbtqia",
    "ethnicity", "ethnic", "ethnicities", "ethnie", "etnia", "race", "races", "racial", "caste",
    "hispanic", "latino", "latinx", "origin", "origins", "ancestry", "nationality",
    "nationalities", "citizenship", "citizen", "migration", "migrant", "immigrant", "refugee",
    "health", "medical", "illness", "illnesses", "disease", "sickness", "disability",
    "disabilities", "disabled", "handicap", "disorder", "disorders", "neurodivergent",
    "neurodiversity", "autism", "adhd", "vaccinated", "vaccination", "pregnant", "pregnancy",
    "maternity", "paternity", "family", "families", "marital", "marriage", "married", "divorced",
    "widowed", "spouse", "children", "child", "kids", "dependants", "dependents", "carer",
    "caregiver", "religion", "religions", "religious", "belief", "beliefs", "faith", "confession",
    "denomination", "church",
    # German, French, Spanish, Italian, Portuguese and Dutch.
    "alter", "geburtsdatum", "geburtstag", "geburtsjahr", "geburtsort", "geschlecht", "herkunft",
    "staatsangehorigkeit", "nationalitat", "gesundheit", "krankheit", "krankheitstage",
    "behinderung", "schwerbehinderung", "schwanger", "schwangerschaft", "familienstand", "kinder",
    "konfession", "naissance", "nationalite", "origine", "sante", "enfants", "edad", "genero",
    "nacimiento", "nacionalidad", "origen", "salud", "discapacidad", "hijos", "nascita",
    "nazionalita", "religione", "idade", "nascimento", "nacionalidade", "deficiencia", "religiao",
    "leeftijd", "geslacht", "geboortedatum", "nationaliteit", "afkomst", "gezondheid",
))  # fmt: skip
_PHRASES = (
    "how old", "years old", "civil status", "civil partnership", "sick leave", "sick days",
    "parental leave", "parental status", "are you a parent", "caring responsibilities",
    "skin colour", "skin color", "mother tongue", "native language", "home country",
    "blood group", "blood type", "political party", "political views", "trade union",
    "situation familiale", "situation de famille", "etat civil", "estado civil", "stato civile",
    "burgerlijke staat",
)  # fmt: skip
# What looks like one of them but isn't, in files about jobs and projects.
_HARMLESS = re.compile(
    r"\b(?:(?:job|role|career|product|font) famil(?:y|ies)|family name"
    r"|(?:project|portfolio|program|programme|system|service|network|server|device) health"
    r"|(?:account|user|login) disabled|disabled account)\b"
)
MAX_LENGTH = 2_000
"""Characters of a column's name that are checked."""


def is_protected(name: str) -> bool:
    """Return whether a column looks like age, sex, origin, health, family or belief."""
    plain = "".join(c for c in normalize("NFKD", name[:MAX_LENGTH]) if not combining(c))
    text = normalized(re.sub(r"(?<=[a-z])(?=\d)", " ", split_capitals(plain)))
    text = f" {_HARMLESS.sub(' ', text)} "
    return not _WORDS.isdisjoint(text.split()) or any(f" {phrase} " in text for phrase in _PHRASES)


def split_capitals(name: str) -> str:
    """Return a name with spaces between words that only capitals separate: "DateOfBirth"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
