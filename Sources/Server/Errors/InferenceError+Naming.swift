import Inference

extension InferenceError {
    /// The same error, its field named as the endpoint's callers know it.
    func naming(_ field: (String) -> String) -> InferenceError {
        var error = self
        error.parameter = parameter.map(field)
        return error
    }
}
