"""One module per revision; each says which one it follows."""
