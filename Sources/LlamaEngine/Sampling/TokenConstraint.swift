/// What keeps an answer to a form while it is generated, such as a grammar. It follows one answer, token by token.
///
/// Used by one thread at a time: whoever makes it hands it over to the scheduler with the job.
package protocol TokenConstraint: AnyObject, Sendable {
    /// Whether the answer may go on, or end, with this token.
    func allows(_ token: Int32) -> Bool

    /// The answer went on with this token, which was allowed.
    func accept(_ token: Int32) throws

    /// Sets the scores of all tokens that are not allowed to −∞.
    func mask(_ logits: UnsafeMutableBufferPointer<Float>)
}
