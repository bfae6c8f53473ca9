"""What people write becomes answers: values, numbers, bands, headings, job titles."""
