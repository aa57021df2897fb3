/// What becomes of a value that Graph would refuse, where the rest can be sent without it: of another Python type than its property
/// takes, of a property that is read-only, or of none of the documented values.
package enum TypePolicy: String, Sendable, CaseIterable {
    /// It is left out with a warning, and the rest arrives. Of another type, authentik leaves it out without one.
    case leaveOut = "lenient"
    /// It fails its object.
    case refuse = "strict"
}
