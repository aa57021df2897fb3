/// Why a plan that was shown is not carried out: the world has moved, or it is no such plan. Says nothing of the provider's health.
package struct PlanRefused: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
