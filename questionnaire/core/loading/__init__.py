"""Reads what the installation is given: framework files and those beside them, and the geographic code.

The only part of `core` that opens files or knows YAML. A faulty file is refused
whole, with every fault and its line.
"""

from questionnaire.core.faults import Fault, FrameworkError
from questionnaire.core.loading.catalogue import Catalogue, UnknownFramework, published
from questionnaire.core.loading.companion_files import installed_companions, published_companions
from questionnaire.core.loading.directory_file import installed_directory, load_directory, published_directory
from questionnaire.core.loading.facts_file import load_facts, published_facts
from questionnaire.core.loading.framework_file import load_framework, parse_framework
from questionnaire.core.loading.listening_file import load_listening, parse_listening, published_listening
from questionnaire.core.loading.territory_files import department_codes, territory_records

__all__ = [
    "Catalogue",
    "Fault",
    "FrameworkError",
    "UnknownFramework",
    "department_codes",
    "installed_companions",
    "installed_directory",
    "load_directory",
    "load_facts",
    "load_framework",
    "load_listening",
    "parse_framework",
    "parse_listening",
    "published",
    "published_companions",
    "published_directory",
    "published_facts",
    "published_listening",
    "territory_records",
]
