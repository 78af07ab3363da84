"""Plain WeasyPrint, as its documentation calls it: a tagged PDF/UA-1 of an HTML file. Usage: plain.py IN OUT."""

import sys

from weasyprint import HTML

HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/ua-1", pdf_tags=True)
