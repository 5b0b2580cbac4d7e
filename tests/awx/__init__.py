"""AWX without AWX: a stand-in of its API, jobs under ansible-runner, and the tests of what we register."""
