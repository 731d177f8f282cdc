"""Makes ../django: users as Django itself stores and dumps them.

    apt-get install python3-django python3-argon2 python3-bcrypt python3-django-otp python3-django-allauth python3-qrcode
    /usr/bin/python3 make_django.py

Made with Django 3.2.25 (later ones write the same forms; only the default iterations grow), django-otp 1.1.3, django-allauth 0.51.
Cheap parameters: the forms are the point, and each test that logs in pays for them.
"""
import csv
import json
import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PASSWORDS = json.loads((HERE / "passwords.json").read_text())
OUT = HERE / "django"
JOINED = datetime(2019, 5, 4, 9, 0, 0, 123456, tzinfo=timezone.utc)


def set_up(custom):
    import django
    from django.conf import settings

    if custom:
        package = Path(tempfile.mkdtemp()) / "members"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "models.py").write_text(CUSTOM_MODEL)
        sys.path.insert(0, str(package.parent))
    settings.configure(
        SECRET_KEY="samples",
        USE_TZ=True,
        SITE_ID=1,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites", "django_otp",
                        "django_otp.plugins.otp_totp", "allauth", "allauth.account"] + (["members"] if custom else []),
        AUTH_USER_MODEL="members.Member" if custom else "auth.User",
        PASSWORD_HASHERS=[f"django.contrib.auth.hashers.{name}" for name in HASHERS.values()],
    )
    django.setup()
    from django.contrib.auth import hashers
    from django.core.management import call_command

    hashers.PBKDF2PasswordHasher.iterations = 1000
    hashers.PBKDF2SHA1PasswordHasher.iterations = 1000
    hashers.BCryptSHA256PasswordHasher.rounds = 4
    hashers.BCryptPasswordHasher.rounds = 4
    hashers.Argon2PasswordHasher.memory_cost = 1024
    call_command("migrate", run_syncdb=True, verbosity=0)


HASHERS = {
    "pbkdf2_sha256": "PBKDF2PasswordHasher",
    "pbkdf2_sha1": "PBKDF2SHA1PasswordHasher",
    "argon2": "Argon2PasswordHasher",
    "bcrypt_sha256": "BCryptSHA256PasswordHasher",
    "bcrypt": "BCryptPasswordHasher",
    "md5": "MD5PasswordHasher",
    "unsalted_md5": "UnsaltedMD5PasswordHasher",
}

CUSTOM_MODEL = '''
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
import uuid


class Member(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    USERNAME_FIELD = "email"
'''


def default_model():
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django_otp.plugins.otp_totp.models import TOTPDevice

    def add(name, password, **more):
        joined = JOINED + timedelta(days=User.objects.count())
        return User.objects.create(username=name, email=more.pop("email", f"{name}@django.example"), password=password,
                                   date_joined=joined, **more)

    for hasher in HASHERS:
        if "md5" in hasher:
            continue
        for name, password in PASSWORDS.items():
            add(f"{hasher}.{name}", make_password(password, hasher=hasher), first_name="Ada", last_name="Lovelace")
    plain = PASSWORDS["plain"]
    add("md5", make_password(plain, hasher="md5"))
    add("unsalted_md5", make_password(plain, hasher="unsalted_md5"))
    add("unusable", make_password(None))
    add("blank", "")
    add("inactive", make_password(plain), is_active=False)
    add("nowhere", make_password(plain), email="")
    editor = add("editor", make_password(plain), is_staff=True, is_superuser=True)
    editor.groups.add(Group.objects.create(name="editors"))
    with_app = add("with_app", make_password(plain))
    TOTPDevice.objects.create(user=with_app, name="default", key="3132333435363738393031323334353637383930", confirmed=True)
    EmailAddress.objects.create(user=with_app, email="with_app@django.example", verified=True, primary=True)
    half = add("half_enrolled", make_password(plain))
    TOTPDevice.objects.create(user=half, name="default", key="3132333435363738393031323334353637383930", confirmed=False)
    EmailAddress.objects.create(user=half, email="half_enrolled@django.example", verified=False, primary=True)
    eight = add("eight_digits", make_password(plain))
    TOTPDevice.objects.create(user=eight, name="default", key="3132333435363738393031323334353637383930", digits=8)
    EmailAddress.objects.create(user=eight, email="another@django.example", verified=True, primary=True)

    call_command("dumpdata", "auth.user", "otp_totp", "account", indent=1, natural_foreign=True, 
                 output=str(OUT / "dumpdata.json"))
    columns = ["id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active",
               "date_joined"]
    # As psql's \copy auth_user TO … CSV HEADER writes it.
    with open(OUT / "auth_user.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for user in User.objects.filter(username__in=["pbkdf2_sha256.plain", "inactive", "unusable", "nowhere", "editor"]).order_by("id"):
            writer.writerow(csv_value(getattr(user, column)) for column in columns)


def csv_value(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat(sep=" ").replace("+00:00", "+00") if isinstance(value, datetime) else value


def custom_model():
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from members.models import Member

    Member.objects.create(id="7f3c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11", email="member@django.example", full_name="Grace Hopper",
                          password=make_password(PASSWORDS["plain"]), created_at=JOINED)
    call_command("dumpdata", "members", indent=1, output=str(OUT / "custom-user.json"))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        for form in ("default", "custom"):
            os.system(f"{sys.executable} {__file__} {form}")
    else:
        OUT.mkdir(exist_ok=True)
        set_up(sys.argv[1] == "custom")
        custom_model() if sys.argv[1] == "custom" else default_model()
