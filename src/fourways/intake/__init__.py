"""From what people write to what rules read: answers, profiles, columns, files."""
