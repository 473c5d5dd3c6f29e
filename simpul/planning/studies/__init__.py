"""WISN studies and CPI: inputs, versions, results, reports.

Reads workload and norm times; writes studies, each version kept.
"""
