"""Uploads and the server's file system."""

import hashlib

import pytest

from astera_emulator.files import FileSystem, join, split


def test_upload(api, emulator):
    response = api.upload(b"archive")
    assert (response.status_code, response.text) == (200, "C:\\Deployment\\Testing.car")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert emulator.files.read("c:/DEPLOYMENT/testing.CAR") == b"archive"
    digest = hashlib.sha256(b"archive").hexdigest()
    assert emulator.state()["uploads"] == [{"path": response.text, "size": 7, "sha256": digest}]


@pytest.mark.parametrize(
    ("kind", "status"), [("Car", 200), ("car", 200), ("CFG", 200), ("zip", 400), ("", 400), (".car", 400)]
)
def test_file_types(api, kind, status):
    assert api.upload(kind=kind).status_code == status


@pytest.mark.parametrize(
    "name",
    ["", "a/b", "a\\b", "..", "C:x", "a*", "a?", "a|b", "a<b", 'a"b', "a\x01", "con", "NUL.x", "a.", "a ", "x" * 300],
)
def test_target_names_that_windows_rejects(api, emulator, name):
    emulator.settings.upload_extension = "as_given"
    assert api.upload(name=name).status_code == 400
    assert emulator.state()["uploads"] == []


def test_names_beyond_ascii(api, emulator):
    assert api.upload(name="Grüße 数据").text == "C:\\Deployment\\Grüße 数据.car"


@pytest.mark.parametrize(("setting", "name"), [("append", "a.car.car"), ("as_given", "a.car")])
def test_upload_extension(api, emulator, setting, name):
    emulator.settings.upload_extension = setting
    assert api.upload(name="a.car").text == f"C:\\Deployment\\{name}"


@pytest.mark.parametrize("setting", ["refuse", "rename", "overwrite"])
def test_upload_collision(api, emulator, setting):
    emulator.settings.upload_collision = setting
    api.upload(b"one")
    responses = [api.upload(content, name="testing") for content in (b"two", b"three")]
    if setting == "refuse":
        assert [response.status_code for response in responses] == [400, 400]
    elif setting == "rename":
        assert [response.text[14:] for response in responses] == ["testing (1).car", "testing (2).car"]
    kept = emulator.files.read("C:\\Deployment\\Testing.car")
    assert kept == (b"three" if setting == "overwrite" else b"one")


@pytest.mark.parametrize("form", ["text", "json_string", "object", "object_file_path"])
def test_upload_response(api, emulator, form):
    emulator.settings.upload_answer = form
    response = api.upload()
    path = "C:\\Deployment\\Testing.car"
    if form == "text":
        assert response.text == path
    else:
        assert response.json() == {"json_string": path, "object": {"path": path}}.get(form, {"filePath": path})


def test_wrong_form(api, emulator):
    assert api.upload(part="Archive").status_code == 400
    url = "UploadFile?filetypes=Car&targetfilename=x"
    assert api.call("POST", url, data={"ArchiveFile": "x"}).status_code == 415
    assert api.call("POST", url, files={"ArchiveFile": (None, "a field, not a file")}).status_code == 400
    headers = {"Content-Type": "multipart/form-data"}
    assert api.call("POST", url, data=b"x", headers=headers).status_code == 400
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="ArchiveFile"; filename="x"\r\n\r\n'
    assert api.call("POST", url, data=head + b"half", headers=headers).status_code == 400
    assert api.call("POST", url, data=b"nonsense", headers=headers).status_code == 400
    assert emulator.state()["uploads"] == []
    assert api.call("POST", url, data=head + b"whole\r\n--b--\r\n", headers=headers).ok


def test_upload_car_file(api, emulator):
    response = api.call("POST", "UploadCarFile", files={"Archive": ("flows.car", b"x")})
    assert response.text == "C:\\Deployment\\flows.car"
    for name in ("a/b.car", "..", "a:b"):
        assert api.call("POST", "UploadCarFile", files={"Archive": (name, b"x")}).status_code == 400
    assert api.call("POST", "UploadCarFile", files={"ArchiveFile": ("b.car", b"x")}).status_code == 400


def test_limits(api, emulator):
    assert api.upload(b"").status_code == 400
    emulator.settings.empty_upload = "accept"
    assert api.upload(b"").ok
    emulator.settings.max_upload_bytes = 1000
    assert api.upload(b"x" * 1000, name="big").status_code == 413
    chunked = iter([b'--b\r\nContent-Disposition: form-data; name="ArchiveFile"; filename="x"\r\n\r\n', b"x" * 2000])
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    url = "UploadFile?FileTypes=Car&TargetFileName=big"
    assert api.call("POST", url, data=chunked, headers=headers).status_code == 413
    assert not emulator.files.exists("C:\\Deployment\\big.car")
    emulator.settings.max_upload_bytes = 0
    emulator.put("cluster", {"deploymentDirectory": {"path": "Deployment"}})
    assert api.upload(name="other").status_code == 400
    assert list(emulator._context.incoming.iterdir()) == []


def test_split():
    assert split("c:\\a\\..\\..\\..\\b/./x.wf") == ["C", "b", "x.wf"]
    assert join("C:\\", "x") == "C:\\x"
    for path in (
        "",
        "x",
        "\\x",
        "C:",
        "C:x",
        "\\\\server\\share\\x",
        "//server/x",
        "/etc/passwd",
        "C:\\a:b",
        "C:\\nul",
    ):
        with pytest.raises(ValueError):
            split(path)


def test_files(tmp_path):
    files = FileSystem(tmp_path / "root")
    files.write("C:\\Flows\\Load.wf", b"1")
    files.write("c:/flows/load.WF", b"2")
    assert files.read("C:\\FLOWS\\LOAD.WF") == b"2"
    assert [path.name for path in (tmp_path / "root" / "C" / "Flows").iterdir()] == ["Load.wf"]
    files.write("C:\\..\\..\\..\\escaped", b"x")
    assert not (tmp_path / "escaped").exists() and files.exists("C:\\escaped")
    assert not files.exists("C:\\Flows") and not files.exists("\\\\server\\x")
    with pytest.raises(FileNotFoundError):
        files.read("C:\\none")
    with pytest.raises(ValueError):
        files.write("..\\x", b"")


def test_copy_tree(tmp_path):
    (tmp_path / "in" / "d" / "Flows").mkdir(parents=True)
    (tmp_path / "in" / "d" / "Flows" / "a.wf").write_text("x")
    files = FileSystem(tmp_path / "root")
    files.copy_tree(tmp_path / "in")
    assert files.read("D:\\flows\\A.wf") == b"x"
    (tmp_path / "in" / "wrong").mkdir()
    with pytest.raises(ValueError):
        files.copy_tree(tmp_path / "in")
