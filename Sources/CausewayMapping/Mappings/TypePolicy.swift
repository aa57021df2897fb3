/// What happens to a value that Graph would refuse if the rest can be sent without it: its Python type is wrong, its property is
/// read-only, or it is not one of the documented values.
package enum TypePolicy: String, Sendable, CaseIterable {
    /// It is left out with a warning, and the rest arrives. Of another type, authentik leaves it out without one.
    case leaveOut = "lenient"
    /// It fails its object.
    case refuse = "strict"
}
