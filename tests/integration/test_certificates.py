"""Which servers are believed. Whoever is not gets no byte of a request: neither token nor password."""

from __future__ import annotations

import datetime
import hashlib
import socket
import ssl

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from urllib3.util.ssl_ import create_urllib3_context

from ansible_collections.astera.data_stack.plugins.module_utils._http import session as _session
from ansible_collections.astera.data_stack.tests.integration.small_servers import SmallServer, Web, tls

pytestmark = pytest.mark.any_core

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
TLS_12, TLS_13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def ca():
    return trustme.CA()


@pytest.fixture
def own_ca(ca, tmp_path):
    """The file with the CA certificate."""
    path = tmp_path / "own.pem"
    path.write_bytes(ca.cert_pem.bytes())
    return path


def self_signed(folder, *names):
    """The context of a server that vouches for itself, and the file with its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7, NOW - DAY, NOW + DAY)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(x509.DNSName, names)), critical=False)
    path, both = folder / "self.pem", folder / "both.pem"
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(private + path.read_bytes())
    context = tls()
    context.load_cert_chain(both)
    return context, path


def without_intermediates(leaf, folder):
    """The context of a server that forgets to send the intermediate certificate."""
    context = tls()
    path = folder / "leaf.pem"
    path.write_bytes(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())
    context.load_cert_chain(path)
    return context


@pytest.fixture
def write(run):
    """Log in and write, which nobody but the right server may see."""

    def writing(server, host="localhost", **how):
        return run("cluster", server_url=f"https://{host}:{server.port}", name="X", retries=2, **how)

    return writing


@pytest.mark.parametrize(
    ("names", "dates", "hint"),
    [
        (["localhost"], {"not_before": NOW - 2 * DAY, "not_after": NOW - DAY}, "Renew the certificate on the server"),
        (["localhost"], {"not_before": NOW + DAY, "not_after": NOW + 2 * DAY}, "correct the clock"),
        (["etl01.example.com"], {}, "Set server_url to a name in the certificate"),
        (["127.0.0.1"], {}, "Set server_url to a name in the certificate"),
    ],
)
def test_certificates_that_are_rejected(write, ca, own_ca, names, dates, hint):
    with Web(tls(ca.issue_cert(*names, **dates))) as server:
        result = write(server, ca_path=str(own_ca))
    assert result.error["kind"] == "tls"
    assert result.error["attempts"] == 1
    assert hint in result.msg
    assert not server.heads


def test_an_address_that_is_not_in_the_certificate(write, ca, own_ca):
    with Web(tls(ca.issue_cert("localhost", "127.0.0.2"))) as server:
        result = write(server, "127.0.0.1", ca_path=str(own_ca))
    assert result.error["kind"] == "tls"
    assert "Set server_url to a name in the certificate" in result.msg
    assert not server.heads


def test_a_certificate_without_alternative_names(write, tmp_path):
    context, path = self_signed(tmp_path)
    with Web(context) as server:
        result = write(server, ca_path=str(path))
    assert result.error["kind"] == "tls"
    assert "replace a certificate that has none" in result.msg
    assert not server.heads


@pytest.mark.parametrize("trusted", [False, True])
def test_a_self_signed_certificate(run, write, tmp_path, trusted):
    context, path = self_signed(tmp_path, "localhost")
    with Web(context) as server:
        if trusted:
            url = f"https://localhost:{server.port}"
            assert run("cluster_info", server_url=url, token="x", ca_path=str(path)).cluster["name"] == "OWN"
        else:
            result = write(server, ca_path=None)
            assert result.error["kind"] == "tls"
            assert "Set ca_path to" in result.msg
            assert "self-signed certificate" in result.msg
            assert not server.heads


@pytest.mark.parametrize(
    ("sent", "given", "believed"), [(True, False, True), (False, False, False), (False, True, True)]
)
def test_an_intermediate_certificate(run, ca, own_ca, tmp_path, sent, given, believed):
    """It may be sent by the server or stand in ca_path; one of both must be."""
    between = ca.create_child_ca()
    leaf = between.issue_cert("localhost")
    if given:
        own_ca.write_bytes(ca.cert_pem.bytes() + between.cert_pem.bytes())
    with Web(tls(leaf) if sent else without_intermediates(leaf, tmp_path)) as server:
        url = f"https://localhost:{server.port}"
        result = run("cluster_info", server_url=url, token="x", ca_path=str(own_ca))
    assert result.failed is not believed
    if not believed:
        assert "the CA certificate that signed the server's, with intermediates." in result.msg
        assert not server.heads


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_names_and_addresses(run, ca, own_ca, host):
    with Web(tls(ca.issue_cert(host))) as server:
        result = run("cluster_info", server_url=f"https://{host}:{server.port}", token="x", ca_path=str(own_ca))
    assert result.cluster["name"] == "OWN"


@pytest.mark.parametrize("content", ["der", "key", "utf-16", "empty", "cut"])
def test_a_ca_path_that_cannot_be_used(emulator, run, ca, tmp_path, content):
    pem = ca.cert_pem.bytes()
    path = tmp_path / "ca"
    path.write_bytes(
        {
            "der": x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER),
            "key": ca.private_key_pem.bytes(),
            "utf-16": pem.decode().encode("utf-16"),
            "empty": b"",
            "cut": pem[:100],
        }[content]
    )
    result = run("cluster", name="X", ca_path=str(path))
    assert result.error["kind"] == "input"
    assert result.error["attempts"] == 0
    assert "the certificates to trust cannot be read" in result.msg
    assert "ca_path" in result.msg
    assert "certificates in PEM format" in result.msg
    assert not emulator.requests


def test_a_folder_of_hashed_certificates(run, ca, own_ca, tmp_path):
    folder = tmp_path / "trusted"
    folder.mkdir()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    context, path = self_signed(tmp_path, "localhost")
    # What OpenSSL hashes: the name in small letters as UTF-8, which it is already, without the sequence's header.
    number = int.from_bytes(hashlib.sha1(subject.public_bytes()[2:], usedforsecurity=False).digest()[:4], "little")
    (folder / f"{number:08x}.0").write_bytes(path.read_bytes())
    with Web(context) as server:
        url = f"https://localhost:{server.port}"
        assert run("cluster_info", server_url=url, token="x", ca_path=str(folder)).cluster["name"] == "OWN"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_ca_certificates_of_the_environment(emulator, run, monkeypatch, tmp_path, name):
    """They count without ca_path, as everywhere in requests; a missing or broken file is reported."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, emulator.ca_path)
    assert run("cluster", name="X", ca_path=None).changed
    before = len(emulator.requests)
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    for path in (broken, tmp_path / "missing.pem"):
        monkeypatch.setenv(name, str(path))
        result = run("cluster", name="Y", ca_path=None)
        assert result.error["kind"] == "input"
        assert name in result.msg
    assert len(emulator.requests) == before


def test_without_verification_anybody_is_believed(write, run, tmp_path):
    context, _path = self_signed(tmp_path)
    with Web(context) as server:
        url = f"https://localhost:{server.port}"
        result = run("cluster_info", server_url=url, token="x", validate_certs=False, ca_path=None)
    assert result.cluster["name"] == "OWN"


@pytest.mark.parametrize("version", [TLS_12, TLS_13])
def test_versions_of_tls(run, ca, own_ca, version):
    context = tls(ca.issue_cert("localhost"), minimum_version=version, maximum_version=version)
    with Web(context) as server:
        url = f"https://localhost:{server.port}"
        result = run("cluster_info", server_url=url, token="x", ca_path=str(own_ca))
    assert result.cluster["name"] == "OWN"


def old_tls(context):
    """Make a context speak TLS 1.1 at most, and 1.0 at least, whatever OpenSSL thinks of it."""
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("defaults", ["of this Python", "of an old one"])
@pytest.mark.parametrize("verified", [True, False])
def test_tls_1_1_is_rejected(write, ca, own_ca, monkeypatch, defaults, verified):
    if defaults == "of an old one":

        def careless(**how):
            context = create_urllib3_context(**how)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            return context

        monkeypatch.setattr(_session, "create_urllib3_context", careless)
    with Web(old_tls(tls(ca.issue_cert("localhost")))) as server:
        client = old_tls(ssl.create_default_context(cafile=own_ca))
        address = ("localhost", server.port)
        try:
            with client.wrap_socket(socket.create_connection(address), server_hostname="localhost") as connection:
                assert connection.version() == "TLSv1.1"
        except ssl.SSLError as error:
            pytest.skip(f"the OpenSSL of this machine does not serve TLS 1.1: {error}")
        result = write(server, ca_path=str(own_ca), validate_certs=verified)
    assert result.error["kind"] == "tls"
    assert "Enable TLS 1.2 or newer on the server" in result.msg
    assert not server.heads


@pytest.mark.unsteady
def test_a_server_that_never_ends_the_handshake(run):
    """Nothing was sent, so a write is not reported as one that may have been done."""

    class Silent(SmallServer):
        def serve(self, connection):
            while connection.recv(65536):
                pass

    with Silent() as server:
        url = f"https://localhost:{server.port}"
        result = run("job", server_url=url, token="x", path="C:\\a.wf", wait=False, request_timeout=0.2, retries=0)
    assert result.error["kind"] == "timeout"
    assert "may not use TLS" in result.msg
    assert "may have been started" not in result.msg
