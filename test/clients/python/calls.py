# Arguments: segment or rudder, the address of the API, the write key, the user, when they signed up.
import sys
from datetime import datetime
from importlib import import_module

which, address, write_key, user, signed_up_at = sys.argv[1:]
errors = []

if which == "segment":
    analytics = import_module("segment.analytics")
    analytics.host = address
else:
    analytics = import_module("rudderstack.analytics")
    analytics.dataPlaneUrl = address
analytics.write_key = write_key
analytics.on_error = lambda error, items: errors.append(error)

analytics.identify(user, {"email": "ada@example.com", "plan": "free"})
analytics.track(user, "Signed Up", {"plan": "free"}, timestamp=datetime.fromisoformat(signed_up_at))
analytics.page(user, "Docs", "Pricing", {"path": "/pricing"})
analytics.screen(user, "App", "Home")
analytics.group(user, "acme", {"name": "Acme"})
analytics.alias("before " + user, user)
analytics.flush()
analytics.shutdown()

for error in errors:
    print(error, file=sys.stderr)
sys.exit(1 if errors else 0)
