/// What this software says of itself.
public enum Dpais {
    /// The version of the release, as semantic versioning has it.
    public static let version = "0.1.0"
}
