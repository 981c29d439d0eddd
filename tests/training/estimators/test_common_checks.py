"""The estimators keep scikit-learn's own rules, as its common checks find; what does not apply is named."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from training.estimators.calibration import TemperatureScaling
from training.estimators.logistic_regression import KernelLogisticRegression, LogisticRegression
from training.estimators.novelty import NoveltyEstimator

_NO_GRAM_MATRIX = "the check gives a square matrix that is no Gram matrix: it has negative eigenvalues"
_NOT_SQUARE = "the check gives rows and columns of a matrix that is not square"
_COLUMNS_ARE_CLASSES = "its columns are the scores of the classes; the check gives others"
EXCEPTIONS = {
    KernelLogisticRegression: {
        "check_positive_only_tag_during_fit": _NO_GRAM_MATRIX,
        "check_estimators_dtypes": _NO_GRAM_MATRIX,
        "check_decision_proba_consistency": _NOT_SQUARE,
    },
    TemperatureScaling: dict.fromkeys(
        (
            "check_estimators_overwrite_params",
            "check_estimators_fit_returns_self",
            "check_readonly_memmap_input",
            "check_classifier_data_not_an_array",
            "check_classifiers_one_label",
            "check_classifiers_classes",
            "check_classifiers_train",
            "check_fit2d_1feature",
        ),
        _COLUMNS_ARE_CLASSES,
    ),
}


# There are no common checks for estimators of one column, (n,), as PlattScaling or scikit-learn's own
# IsotonicRegression.
@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks(
    [
        LogisticRegression(),
        KernelLogisticRegression(),
        TemperatureScaling(),
        NoveltyEstimator(),
    ],
    expected_failed_checks=lambda estimator: EXCEPTIONS.get(type(estimator), {}),
)
def test_estimator_keeps_the_rules_of_scikit_learn(estimator, check):
    check(estimator)
