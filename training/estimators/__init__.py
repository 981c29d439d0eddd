"""Estimators that training fits, in scikit-learn's form; what they fit is plain arrays."""
