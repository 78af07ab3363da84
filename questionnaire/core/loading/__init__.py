"""Reads what the installation is given: framework files and the two files of the geographic code.

The only part of `core` that opens files or knows YAML. A faulty framework is refused
whole, with every fault and its line.
"""

from questionnaire.core.faults import Fault, FrameworkError
from questionnaire.core.loading.catalogue import Catalogue, UnknownFramework, published
from questionnaire.core.loading.framework_file import load_framework, parse_framework
from questionnaire.core.loading.territory_files import department_codes, territory_records

__all__ = [
    "Catalogue",
    "Fault",
    "FrameworkError",
    "UnknownFramework",
    "department_codes",
    "load_framework",
    "parse_framework",
    "published",
    "territory_records",
]
