"""Login, tokens, rights."""

import time

import jwt
import pytest


def test_token_has_the_seen_claims_and_lives_30_days(anonymous):
    token = anonymous.login(RememberMe=1).json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    assert {"nbf", "exp", "iat", "jti", "sub", "id", "rol"} <= set(claims)
    assert (claims["rol"], claims["nbf"], claims["exp"] - claims["iat"]) == ("api_access", claims["iat"], 2592000)
    assert not {"iss", "aud"} & set(claims)


@pytest.mark.parametrize("body", [{"user": "admin", "password": "Admin123"}, {"USER": "admin", "passWord": "Admin123"}])
def test_names_bind_in_any_casing(anonymous, body):
    assert anonymous.post("account/login", body).ok


@pytest.mark.parametrize("status", [400, 401, 403, 204])
def test_login_failure(anonymous, emulator, status):
    emulator.settings.login_failure = status
    response = anonymous.login(Password="wrong")
    assert response.status_code == status
    if status == 400:
        assert response.json() == {"login_failure": ["Invalid username or password."]}
    if status == 204:
        assert response.content == b""


@pytest.mark.parametrize("key", ["accessToken", "token", "auth_token"])
def test_login_response(anonymous, emulator, key):
    emulator.settings.login_answer = key
    assert list(anonymous.login().json()) == [key, "id", "expires_in"]
    emulator.settings.login_facts = "absent"
    assert list(anonymous.login().json()) == [key]


def test_facts_beside_the_token(anonymous, emulator):
    emulator.settings.token_lifetime = 60
    response = anonymous.login().json()
    claims = jwt.decode(response["access_token"], options={"verify_signature": False})
    assert (response["id"], response["expires_in"]) == (claims["id"], 60)


def test_login_response_as_text(anonymous, emulator):
    emulator.reset(login_answer="text", output_casing="pascal")
    assert anonymous.login().json().count(".") == 2


@pytest.mark.parametrize(
    ("accepted", "value", "status"),
    [
        ("both", True, 200),
        ("both", 0, 200),
        ("both", 2, 400),
        ("both", "true", 400),
        ("boolean", True, 200),
        ("boolean", 1, 400),
        ("integer", 1, 200),
        ("integer", False, 400),
    ],
)
def test_remember_me(anonymous, emulator, accepted, value, status):
    emulator.settings.remember_me = accepted
    assert anonymous.login(RememberMe=value).status_code == status


def test_token_lifetime(anonymous, emulator):
    emulator.settings.token_lifetime = 1
    anonymous.login()
    assert anonymous.get("Cluster").status_code == 200
    time.sleep(1.1)
    assert anonymous.get("Cluster").status_code == 401


def test_token_lifetime_without_remember_me(anonymous, emulator):
    emulator.settings.token_lifetime_unremembered = 60
    claims = jwt.decode(anonymous.login(RememberMe=0).json()["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 60


def test_lockout(anonymous, emulator):
    emulator.settings.lockout_after = 2
    assert [anonymous.login(Password="wrong").status_code for _time in "ab"] == [400, 400]
    assert anonymous.login().status_code == 400


def test_account_can_be_changed(anonymous, emulator):
    emulator.reset(username="op", password="p")
    assert anonymous.login().status_code == 400
    assert anonymous.login(User="op", Password="p").ok


@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer a.b.c", "Basic YTpi"])
def test_everything_needs_a_token(anonymous, emulator, header):
    from astera_emulator.routes import OPERATIONS

    for operation in OPERATIONS:
        if operation.anonymous:
            continue
        path = operation.path.replace("{scheduleId}", "1").replace("{jobId}", "1").removeprefix("/api/")
        response = anonymous.call(operation.method, path, headers={"Authorization": header})
        assert (response.status_code, response.content) == (401, b""), operation.path
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_with_another_algorithm_or_key_is_rejected(anonymous):
    claims = {"sub": "admin", "nbf": 1, "exp": 9999999999}
    for token in (jwt.encode(claims, "k" * 32, "HS256"), jwt.encode(claims, None, "none")):
        assert anonymous.get("Cluster", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_config_without_token(anonymous, emulator):
    emulator.settings.config_without_token = "yes"
    emulator.settings.restart_after_config = "none"
    assert anonymous.get("Server/Config").ok
    assert anonymous.post("Server/Config", {"serverProfile": "ServerProfile2"}).ok
    assert anonymous.get("Cluster").status_code == 401


def test_forbidden(api, emulator):
    emulator.settings.forbidden = "POST /api/deployment, get /api/Cluster"
    assert api.post("Deployment", {"name": "a"}).status_code == 403
    assert api.get("Cluster").status_code == 403
    assert api.get("Deployments").ok
