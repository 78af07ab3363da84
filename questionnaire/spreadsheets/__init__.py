"""What leaves as a spreadsheet: the one writer (`writing`), and what each table holds."""
