import Foundation

/// The attempt at a run that takes a request up, told apart from all others in any process.
package struct RunRequestClaim: Hashable, Sendable {
    let name: String

    package init() { name = UUID().uuidString.lowercased() }
}
