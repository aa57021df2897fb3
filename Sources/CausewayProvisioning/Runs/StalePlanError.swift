/// Why a stored plan is not applied: the directory or the tenant has changed since, or the run is not a plan that can be applied. It
/// says nothing about the provider's health.
package struct StalePlanError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
