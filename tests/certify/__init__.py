"""What certification and inclusion ask for beyond what other tools check, and the tests of the tools for releases."""
