"""The command `astera-ftp`."""

import ftplib
import json
import os
import signal
import subprocess
import sys

import pytest

SECRET = "Zk9{x}%geheim"


def test_the_command(tmp_path, until):
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.csv").write_text("id,amount,day,customer\n")
    ready, password_file = tmp_path / "ready.json", tmp_path / "password"
    password_file.write_text(SECRET + "\n")
    command = [sys.executable, "-m", "astera_emulator.ftp", "--root", str(tmp_path / "root"), "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "ASTERA_FTP_PASSWORD"}
    failed = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert failed.returncode == 2 and "a password is needed" in failed.stderr
    command += ["--password-file", str(password_file), "--ready-file", str(ready)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        until(ready.exists)
        facts = json.loads(ready.read_text())
        assert facts["pid"] == process.pid
        with ftplib.FTP(timeout=30) as client:
            client.connect(facts["host"], facts["port"])
            client.login("etl", SECRET)
            assert client.nlst() == ["a.csv"]
            with pytest.raises(ftplib.error_perm, match="550"):
                client.delete("a.csv")
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert output.startswith(f"ftp://etl@127.0.0.1:{facts['port']}") and SECRET not in output
