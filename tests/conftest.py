"""Owns what every test may ask for: the rules of a run, servers, a browser, and the product with its people."""

pytest_plugins = ["tests.running", "tests.house_fixtures", "tests.proposal_cases"]
