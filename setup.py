from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["schemas*", "connectors*", "pipelines*"]), "pipelines.cli.newsday"])
