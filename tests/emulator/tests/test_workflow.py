"""Workflows that fetch a file by FTP and run a dataflow over it, with a real FTP server."""

import socket
import threading

import pytest

from astera_emulator.ftp import FtpServer

FLOW, DATAFLOW, RESULT = "C:\\Flows\\orders.wf", "C:\\Flows\\orders.df", "C:\\Out\\result.csv"
SECRET = "Zk9{x}%geheim"
ORDERS = "id,customer,amount,day,remark\n1,Ann,10.50,2024-02-29,a\n2,Bób,-3,2024-03-01,\n"
FLOW_XML = """
<Flow seconds="{seconds}">
  <Variables>
    <Variable name="file" default="/none.csv"/><Variable name="port"/><Variable name="ftpPassword"/>
    <Variable name="local" default="C:\\In\\orders.csv"/>
  </Variables>
  <FileTransferTask name="Fetch" host="127.0.0.1" port="{{Variables.port}}" user="etl"
      password="{{Variables.ftpPassword}}" remotePath="{{Variables.file}}" localPath="{{Variables.local}}"/>
  <RunDataflow name="Load" path="C:\\Flows\\orders.df">
    <Parameter name="source" value="{{Fetch.localPath}}"/>
  </RunDataflow>
</Flow>
"""
DATAFLOW_XML = """
<Dataflow seconds="0">
  <Variables><Variable name="source" default="C:\\In\\orders.csv"/></Variables>
  <Source path="{Variables.source}">
    <Field name="id" type="integer"/><Field name="amount" type="decimal"/>
    <Field name="day" type="date"/><Field name="customer" type="text"/>
  </Source>
  <Destination path="C:\\Out\\result.csv"/>
</Dataflow>
"""


@pytest.fixture
def ftp(tmp_path):
    """Run an FTP server with one file."""
    root = tmp_path / "ftp"
    (root / "out").mkdir(parents=True)
    (root / "out" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    with FtpServer(root, password=SECRET) as server:
        yield server


@pytest.fixture
def run(api, emulator, ended):
    """Give what runs the workflow and returns the job."""
    emulator.files.write(FLOW, FLOW_XML.format(seconds=0).encode())
    emulator.files.write(DATAFLOW, DATAFLOW_XML.encode())

    def start(**parameters):
        return ended(emulator, begin(api, **parameters))

    return start


def begin(api, path=FLOW, **parameters):
    """Start a job with variables; return its id."""
    items = [
        {"ActionName": "Variables", "ParameterName": name, "Value": str(value)} for name, value in parameters.items()
    ]
    return api.ok("CommandLineProcessor", {"FilePath": path, "Parameters": items}).json()["jobId"]


def given(ftp, **changes):
    """Return the parameters that make the workflow work."""
    return {"file": "/out/orders.csv", "port": ftp.port, "ftpPassword": SECRET, **changes}


def text(job):
    """Return the trace in one piece."""
    return "\n".join(line["message"] for line in job["trace"])


def test_the_whole_way(run, emulator, ftp, until):
    job = run(**given(ftp))
    assert (job["status"], job["reason"]) == ("Completed", "")
    assert emulator.files.read("C:\\In\\orders.csv").decode() == ORDERS
    expected = "id,amount,day,customer\r\n1,10.50,2024-02-29,Ann\r\n2,-3,2024-03-01,Bób\r\n"
    assert emulator.files.read(RESULT).decode() == expected
    until(lambda: ftp.fetched == ["/out/orders.csv"])
    assert f"read 2 rows, wrote 2 rows to {RESULT}" in text(job)
    assert SECRET not in text(job)
    assert list(emulator._context.incoming.iterdir()) == []


def test_a_missing_file(run, emulator, ftp):
    job = run(**given(ftp, file="/out/none.csv"))
    assert job["status"] == "Error"
    assert "550" in job["reason"] and "/out/none.csv" in job["reason"]
    assert not emulator.files.exists("C:\\In\\orders.csv") and not emulator.files.exists(RESULT)


def test_a_rejected_login(run, ftp):
    wrong = "not-the-password"
    job = run(**given(ftp, ftpPassword=wrong))
    assert job["status"] == "Error" and "530" in job["reason"]
    assert wrong not in text(job) + job["reason"]


def test_a_dead_ftp_server(run, ftp):
    ftp.stop()
    job = run(**given(ftp))
    assert job["status"] == "Error" and "refused" in job["reason"]
    assert SECRET not in text(job)


def test_a_password_that_stands_elsewhere_is_redacted(run, ftp):
    job = run(**given(ftp, file=f"/out/{SECRET}.csv"))
    assert job["status"] == "Error"
    assert SECRET not in text(job) + job["reason"] and "/out/********.csv" in job["reason"]


@pytest.mark.parametrize("port", ["0", "x", "65536", ""])
def test_an_invalid_port(run, ftp, port):
    assert "is not a port" in run(**given(ftp, port=port))["reason"]


def test_an_invalid_local_path(run, ftp, emulator):
    assert "not a full Windows path" in run(**given(ftp, local="orders.csv"))["reason"]
    emulator.files.write("C:\\In\\a", b"")
    job = run(**given(ftp, local="C:\\In\\a\\orders.csv"))
    assert job["reason"].startswith("C:\\In\\a\\orders.csv cannot be written: ")
    assert str(emulator.files.root) not in text(job)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("1,Ann,10.50,2024-02-29,a\nx2,Bob,1,2024-01-01,\n", "line 3: the field 'id' is not of type integer: 'x2'"),
        ("1,Ann,,2024-02-29,a\n", "line 2: the field 'amount' is not of type decimal: ''"),
        ("1,Ann,1e3,2024-02-29,a\n", "line 2: the field 'amount' is not of type decimal: '1e3'"),
        ("1,Ann,1,2023-02-29,a\n", "line 2: the field 'day' is not of type date: '2023-02-29'"),
        (
            '1,"A\nnn",1,2024-02-29,a\n2,Bob,1,20240101,a\n',
            "line 4: the field 'day' is not of type date: '20240101'",
        ),
        ("1,Ann,1,2024-02-29\n", "line 2: 4 values, not 5"),
        ('1,"Ann"x,1,2024-02-29,a\n', "cannot be read after line"),
    ],
)
def test_a_bad_row(run, ftp, emulator, rows, reason, tmp_path):
    (tmp_path / "ftp" / "out" / "orders.csv").write_text(ORDERS.splitlines()[0] + "\n" + rows)
    job = run(**given(ftp))
    assert job["status"] == "Error"
    assert reason in job["reason"] and job["reason"] in text(job)
    assert not emulator.files.exists(RESULT) and list(emulator._context.incoming.iterdir()) == []


def test_a_bad_row_leaves_the_former_result(run, ftp, emulator, tmp_path):
    run(**given(ftp))
    before = emulator.files.read(RESULT)
    (tmp_path / "ftp" / "out" / "orders.csv").write_bytes(b"id,customer,amount,day\n1,\xff,1,2024-01-01\n")
    assert "cannot be read" in run(**given(ftp))["reason"]
    (tmp_path / "ftp" / "out" / "orders.csv").write_text("id,day\n")
    assert "has no column amount, customer" in run(**given(ftp))["reason"]
    assert emulator.files.read(RESULT) == before


def test_a_dataflow_alone(run, api, emulator, ended):
    emulator.files.write("C:\\other.csv", b"\xef\xbb\xbf" + ORDERS.encode())
    assert ended(emulator, begin(api, DATAFLOW, source="C:\\other.csv"))["status"] == "Completed"
    assert emulator.files.read(RESULT).count(b"\n") == 3
    assert "there is no file C:\\In\\orders.csv" in ended(emulator, begin(api, DATAFLOW))["reason"]


def test_parameters_replace_attributes_too(run, api, emulator, ended):
    emulator.files.write("C:\\other.csv", b"id,amount,day,customer\n")
    items = [
        {"actionName": "Source", "parameterName": "path", "value": "C:\\other.csv"},
        {"actionName": "Destination", "parameterName": "path", "value": "C:\\{x}.csv"},
    ]
    job = api.ok("CommandLineProcessor", {"FilePath": DATAFLOW, "Parameters": items}).json()["jobId"]
    assert ended(emulator, job)["status"] == "Completed"
    assert emulator.files.read("C:\\{x}.csv") == b"id,amount,day,customer\r\n"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<Flow><RunDataflow path="{Variables.x}"/></Flow>', "{Variables.x} in 'path' of the action 'RunDataflow'"),
        ('<Flow><RunDataflow path="{Variables.x}"/><Variables><Variable name="x"/></Variables></Flow>', "comes before"),
        ('<Flow><RunDataflow path="{}"/></Flow>', "{} in 'path'"),
        ("<Flow><Variables/><Variables/></Flow>", "two actions 'Variables'"),
        ("<Flow><Mail/></Flow>", "no action of the kind 'Mail'"),
        ("<Flow><FileTransferTask host='a' localPath='C:\\a'/></Flow>", "has no remotePath"),
        ("<Flow><RunDataflow path='C:\\a' pth='x'/></Flow>", "cannot have 'pth'"),
        ("<Flow><Variables><Variable/></Variables></Flow>", "has no name"),
        ("<Flow><Variables><Variable name='a'/><Variable name='a'/></Variables></Flow>", "'a' twice"),
        ("<Flow><RunDataflow path='C:\\Flows\\orders.wf'/></Flow>", "it is not a Dataflow"),
        ("<Flow><RunDataflow path='C:\\none.df'/></Flow>", "C:\\none.df: the flow file is not on the server"),
        ("<Flow><RunDataflow path='C:\\Flows\\orders.df'><Parameter name='y'/></RunDataflow></Flow>", "parameter 'y'"),
        ("<Dataflow><RunDataflow path='C:\\Flows\\orders.df'/></Dataflow>", "no action of the kind 'RunDataflow'"),
        ("<Dataflow><Source path='C:\\a'><Field name='a' type='text'/></Source></Dataflow>", "not one Destination"),
        ("<Dataflow><Source path='C:\\a'/><Destination path='C:\\b'/></Dataflow>", "no fields"),
        ("<Dataflow><Source path='C:\\a'><Field name='a'/></Source><Destination path='C:\\b'/></Dataflow>", "no type"),
        ('<!DOCTYPE Flow [<!ENTITY a SYSTEM "file:///etc/passwd">]><Flow>&a;</Flow>', "document type"),
        ("<Flow seconds='-1'/>", "seconds"),
        ("<Flow>" + " " * 1_000_000 + "</Flow>", "larger than"),
    ],
)
def test_documents_that_cannot_be(run, api, emulator, ended, xml, reason):
    emulator.files.write("C:\\bad.wf", xml.encode())
    emulator.files.write("C:\\Flows\\orders.wf", b"<Flow/>")
    job = ended(emulator, begin(api, "C:\\bad.wf"))
    assert job["status"] == "Error" and reason in job["reason"]


def test_a_document_with_a_mistake_does_nothing(run, emulator, ftp):
    emulator.files.write(FLOW, FLOW_XML.format(seconds=0).replace("{Fetch.localPath}", "{Fetch.path}").encode())
    assert "{Fetch.path}" in run(**given(ftp))["reason"]
    assert ftp.fetched == [] and not emulator.files.exists("C:\\In\\orders.csv")


def test_the_result_comes_last(run, emulator, ftp):
    emulator.files.write(FLOW, FLOW_XML.format(seconds=0).replace("<Flow", '<Flow outcome="failed"').encode())
    job = run(**given(ftp))
    assert job["status"] == "Error" and job["reason"]
    assert emulator.files.exists(RESULT)


def test_a_restart_does_not_repeat_what_is_done(run, api, emulator, ftp, until, ended):
    emulator.files.write(FLOW, FLOW_XML.format(seconds=600).encode())
    job = begin(api, **given(ftp))
    until(lambda: emulator.files.exists(RESULT))
    until(lambda: "read 2 rows" in text(emulator.state()["jobs"][0]))
    until(lambda: emulator._context.store.get("job", job)["done"] == 3)
    emulator.restart(0.01)
    emulator.files.write(RESULT, b"kept")
    until(lambda: "carried on" in text(emulator.state()["jobs"][0]))
    assert emulator._context.jobs.terminate(job)
    assert emulator.files.read(RESULT) == b"kept" and len(ftp.fetched) == 1


class SilentServer:
    """Accepts connections and sends nothing, so that an action hangs."""

    def __init__(self):
        """Listen."""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.accepted = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                self.accepted.append(self.listening.accept()[0])
            except OSError:
                return

    def close(self):
        """End."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for connection in self.accepted:
            connection.close()


@pytest.fixture
def silent():
    """Run a silent server."""
    server = SilentServer()
    yield server
    server.close()


def test_an_interrupted_action_is_done_again(run, api, emulator, silent, until):
    job = begin(api, **given(silent))
    until(lambda: len(silent.accepted) == 1)
    emulator.restart(0.01)
    until(lambda: len(silent.accepted) == 2)
    assert text(emulator.state()["jobs"][0]).count("Fetch: fetching") == 2
    assert emulator._context.jobs.terminate(job)
    assert emulator.state()["jobs"][0]["status"] == "Terminated"


def test_what_an_abandoned_thread_does_reaches_nobody(run, api, emulator, silent, until):
    begin(api, **given(silent))
    until(lambda: silent.accepted)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "job 1"]
    emulator.reset()
    emulator.put("cluster", {"pauseAllServers": True})
    emulator._context.jobs.start(FLOW, [])
    before = emulator.state()["jobs"]
    silent.accepted[0].close()
    thread.join(30)
    assert not thread.is_alive()
    assert emulator.state()["jobs"] == before and before[0]["status"] == "Queued"
    assert list(emulator._context.incoming.iterdir()) == []
