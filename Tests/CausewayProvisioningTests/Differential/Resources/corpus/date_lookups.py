# %% user: accounts of a year
from authentik.core.models import User

year = user.date_joined.year
return {
    "this": User.objects.filter(date_joined__year=year).count() == User.objects.count(),
    "text": User.objects.filter(date_joined__year=str(year)).exists(),
    "before": User.objects.filter(date_joined__year__lt=2020).exists(),
    "since": User.objects.filter(date_joined__year__gte=2024).count(),
    "in": User.objects.filter(date_joined__year__in=[year, "1999"]).exists(),
    "range": User.objects.filter(date_joined__year__range=(1970, 1999)).count(),
}

# %% user: months and days
from authentik.core.models import User

joined = user.date_joined
return {
    "month": User.objects.filter(pk=user.pk, date_joined__month=joined.month).exists(),
    "other": User.objects.filter(date_joined__month=joined.month % 12 + 1, pk=user.pk).exists(),
    "day": ak_user_by(pk=user.pk, date_joined__day=joined.day) == user,
    "late": User.objects.filter(date_joined__day__gt=31).exists(),
    "quarter": ak_user_by(pk=user.pk, date_joined__quarter=(joined.month - 1) // 3 + 1) == user,
}

# %% user: weeks and their days
from authentik.core.models import User

year, week, weekday = user.date_joined.isocalendar()
return {
    "week": User.objects.filter(pk=user.pk, date_joined__week=week, date_joined__iso_year=year).exists(),
    "iso": User.objects.filter(pk=user.pk, date_joined__iso_week_day=weekday).exists(),
    "sunday_first": User.objects.filter(pk=user.pk, date_joined__week_day=weekday % 7 + 1).exists(),
    "none": User.objects.filter(date_joined__week_day=0).exists(),
    "eighth": User.objects.filter(date_joined__iso_week_day__gt=7).exists(),
}

# %% user: hours, minutes, seconds
joined = user.date_joined
conditions = {"hour": joined.hour, "minute": joined.minute, "second": joined.second}
found = {part: ak_user_by(pk=user.pk, **{f"date_joined__{part}": value}) == user for part, value in conditions.items()}
return {
    **found,
    "midnight": ak_user_by(pk=user.pk, date_joined__hour__gte=24),
    "all": ak_user_by(pk=user.pk, **{f"date_joined__{part}__lte": str(value) for part, value in conditions.items()}) == user,
}

# %% user: the day of an account
from datetime import date, timedelta

day = user.date_joined.date()
return {
    "same": ak_user_by(pk=user.pk, date_joined__date=day) == user,
    "text": ak_user_by(pk=user.pk, date_joined__date=day.isoformat()) == user,
    "time": ak_user_by(pk=user.pk, date_joined__date=user.date_joined) == user,
    "next": ak_user_by(pk=user.pk, date_joined__date__lt=day + timedelta(days=1)) == user,
    "old": ak_user_by(date_joined__date__lte="2020-02-29"),
    "either": ak_user_by(pk=user.pk, date_joined__date__in=["2001-01-01", day]) == user,
}

# %% user: the time of day of an account
from datetime import time

joined = user.date_joined
return {
    "exact": ak_user_by(pk=user.pk, date_joined__time=joined.time()) == user,
    "early": ak_user_by(pk=user.pk, date_joined__time__gte=time(0)) == user,
    "text": ak_user_by(pk=user.pk, date_joined__time__lte="23:59:59.999999") == user,
}

# %% user: a year that is no number
return {"found": ak_user_by(date_joined__year="this")}

# %% user: a day that is none
return {"found": ak_user_by(date_joined__date="30.02.2026")}

# %% user: a part that times have not
return {"found": user.groups.filter(users__date_joined__century=21).exists()}

# %% user: an unknown part, asked politely
return {
    "found": ak_user_by(date_joined__century=21),
    "beyond": ak_user_by(date_joined__year__month=1),
    "of_text": ak_user_by(username__year=2020),
}

# %% user: a year of what is no time
from authentik.core.models import User

return {"found": User.objects.filter(email__year=2026).count()}

# %% user: parts of a time that never was
from authentik.core.models import User

return {
    "year": User.objects.filter(last_login__year=2026).count(),
    "null": User.objects.filter(last_login__year__isnull=True).count() == User.objects.count(),
    "none": ak_user_by(pk=user.pk, last_login=None) == user,
    "values": list(User.objects.filter(pk=user.pk).values_list("last_login__year", "last_login")),
    "recent": User.objects.exclude(last_login__isnull=True).count(),
}

# %% user: parts as columns
from authentik.core.models import User

year = user.date_joined.year
rows = User.objects.filter(pk=user.pk)
return {
    "same": list(rows.values_list("date_joined__year", flat=True)) == [year],
    "dict": [sorted(row) for row in rows.values("username", "last_updated__month")],
    "week": rows.values_list("date_joined__week", flat=True).first() == user.date_joined.isocalendar()[1],
    "day": rows.values_list("date_joined__date", flat=True)[0] == user.date_joined.date(),
}

# %% user: ordered by a part of a time
from authentik.core.models import User

return {
    "order": [found.username for found in User.objects.order_by("date_joined__year", "-username")][:3],
    "never": User.objects.order_by("last_login__day", "pk").first().pk <= user.pk,
}

# %% user: times compared with text
from authentik.core.models import User

return {
    "date": User.objects.filter(date_joined__gte="2020-01-01").count(),
    "zulu": User.objects.filter(date_joined__lt="2020-01-01T10:00:00Z").count(),
    "zone": ak_user_by(pk=user.pk, date_joined__gt="2020-01-01 10:00:00+02:00") == user,
    "exact": ak_user_by(pk=user.pk, date_joined=user.date_joined.isoformat()) == user,
}

# %% user: times compared with days and naive times
from datetime import date, datetime

from authentik.core.models import User

return {
    "day": User.objects.filter(date_joined__gte=date(2020, 1, 1)).count() == User.objects.count(),
    "naive": User.objects.filter(date_joined__lte=datetime(2020, 1, 1)).exists(),
    "range": User.objects.filter(date_joined__range=("2019-01-01", date(9000, 1, 1))).count() == User.objects.count(),
    "same": ak_user_by(pk=user.pk, date_joined=user.date_joined.replace(tzinfo=None)) == user,
}

# %% user: a time that is none
from authentik.core.models import User

return {"found": User.objects.filter(date_joined__gte="yesterday").exists()}

# %% user: a time that is a number
return {"found": ak_user_by(last_updated__lt=2026)}

# %% user: changed lately
from django.utils import timezone

from authentik.core.models import User

limit = timezone.now() - timezone.timedelta(hours=1)
return {
    "changed": User.objects.filter(last_updated__gte=limit).count() == User.objects.count(),
    "passwords": User.objects.filter(password_change_date__lt=limit).count(),
    "mine": ak_user_by(pk=user.pk, last_updated__gt=limit) == user,
}

# %% group: members of long standing
return {
    "recent": group.users.filter(date_joined__year__gte=2020).count() == group.users.count(),
    "old": list(group.users.filter(date_joined__date__lt="2020-01-01")),
    "roles": group.users.exclude(date_joined__year=1999).exists() == group.users.exists(),
}

# %% user: relations and parts of times
return {
    "mates": user.groups.filter(users__date_joined__year__gte=2000).count() == user.groups.count(),
    "member": ak_is_group_member(user, users__last_login__year=2026),
}
