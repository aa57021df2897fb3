# %% user: the time of Django is aware
from datetime import datetime, timedelta, timezone as zones

from django.utils import timezone

moment = timezone.now()
return {"aware": timezone.is_aware(moment), "naive": timezone.is_naive(moment), "zone": moment.utcoffset() == timedelta(0),
        "near": abs(datetime.now(zones.utc) - moment) < timedelta(minutes=5), "kind": type(moment).__name__}

# %% user: an account of today
from django.utils.timezone import now, timedelta

age = now() - user.date_joined
return {"new": age < timedelta(days=1), "days": age.days, "never": (now() - user.last_login).days if user.last_login else None}

# %% user: expired by the calendar
from datetime import date

from django.utils import timezone

expires = user.attributes.get("expires")
if expires is None:
    return {"account_enabled": user.is_active}
return {
    "account_enabled": user.is_active and date.fromisoformat(expires) > date(2020, 1, 1),
    "past": timezone.make_aware(timezone.datetime(2001, 1, 1)) < timezone.now(),
}

# %% user: naive times made aware
from datetime import datetime

from django.utils.timezone import make_aware

hired = user.attributes.get("hired")
try:
    return {"employee_hire_date": make_aware(datetime.strptime(hired or "", "%Y-%m-%d"))}
except ValueError:
    return {"employee_hire_date": None}

# %% user: an aware time cannot be made aware
from django.utils.timezone import make_aware

return {"joined": make_aware(user.date_joined)}

# %% user: a zone of one's own
from datetime import datetime, timedelta, timezone as zones

from django.utils import timezone

tokyo = zones(timedelta(hours=9))
moment = timezone.make_aware(datetime(2026, 1, 1, 3, 0), tokyo)
return {
    "utc": moment,
    "local": timezone.localtime(moment).isoformat(),
    "there": timezone.localtime(moment, tokyo).isoformat(),
    "day": timezone.localdate(moment),
    "their_day": timezone.localdate(moment, timezone=tokyo),
}

# %% user: times without their zone
from datetime import timedelta, timezone as zones

from django.utils import timezone

plain = timezone.make_naive(user.date_joined)
return {
    "naive": plain.tzinfo is None,
    "same": plain == user.date_joined.replace(tzinfo=None),
    "shifted": timezone.make_naive(user.date_joined, zones(timedelta(hours=2))) - plain == timedelta(hours=2),
}

# %% user: a naive time has no local time
from datetime import datetime

from django.utils.timezone import localtime

return {"value": localtime(datetime(2026, 1, 1))}

# %% user: a naive time cannot be made naive
from django.utils import timezone

return {"value": timezone.make_naive(timezone.datetime(2026, 5, 5))}

# %% user: local time without an argument
from django.utils import timezone

return {
    "same_day": timezone.localdate() == timezone.localtime().date() or timezone.localtime().hour == 0,
    "aware": timezone.is_aware(timezone.localtime()),
    "order": timezone.localtime() <= timezone.now(),
}

# %% user: times with and without a zone do not compare
from datetime import datetime

from django.utils.timezone import now

return {"later": now() > datetime(2020, 1, 1)}

# %% user: the old name of the zone
from django.utils import timezone

return {"zone": str(timezone.utc)}

# %% user: the old name of the zone imported
from django.utils.timezone import utc

return {"zone": str(utc)}

# %% user: the module under another name
import django.utils.timezone as clock
from django.utils.timezone import timezone as zones, datetime as Time

return {"same": clock.is_aware(Time(2026, 1, 1, tzinfo=zones.utc)), "result": Time(2026, 1, 1, 12, tzinfo=zones(clock.timedelta(hours=1)))}

# %% user: contracts that have ended
from datetime import date

from django.utils.timezone import localdate

left = user.attributes.get("left") or user.attributes.get("expires")
if left and date.fromisoformat(left) < min(localdate(), date(2026, 1, 1)):
    return {"account_enabled": False, "employee_leave_date_time": left}
return {"account_enabled": user.is_active}

# %% group: a review that is due
from datetime import date, timedelta

from django.utils import timezone

review = group.attributes.get("review")
if not review:
    return {"description": group.name}
due = date.fromisoformat(review["last"]) + timedelta(days=review["every_days"])
return {"description": f"{group.name}, review due {due:%d.%m.%Y}", "known": isinstance(timezone.localdate() >= due, bool)}
