"""The peer in oTree: nothing but what it demands. The folder of the questions is in PEER_FOLDER."""

SESSION_CONFIGS = [{"name": "survey", "app_sequence": ["survey"], "num_demo_participants": 1}]
SESSION_CONFIG_DEFAULTS = {"real_world_currency_per_point": 1, "participation_fee": 0, "doc": ""}
LANGUAGE_CODE = "fr"
REAL_WORLD_CURRENCY_CODE = "EUR"
USE_POINTS = True
ADMIN_USERNAME = "admin"
ADMIN_PASSWORD = ""
DEMO_PAGE_INTRO_HTML = ""
SECRET_KEY = "a-key-for-a-benchmark-on-loopback-only-0123456789"
