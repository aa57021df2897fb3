import Foundation

/// The attempt at a run that takes a request up, unique among all processes.
package struct RunRequestClaim: Hashable, Sendable {
    let name: String

    package init() { name = UUID().uuidString.lowercased() }
}
