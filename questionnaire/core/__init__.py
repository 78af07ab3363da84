"""What answers mean: the framework, the answers, their score, the plan, the report.

Pure: the standard library and pydantic. No web, no database, no clock, no environment; files and YAML only in
`loading`.
"""
