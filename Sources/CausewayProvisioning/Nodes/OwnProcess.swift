/// This process, as others on the database know it.
package enum OwnProcess {
    /// Its name in leases, nodes and changes.
    package static var name: String { ProcessIdentity.current.text }

    /// Whether the process of a name is known to have ended; nothing is known of other machines.
    package static func isGone(_ name: String) -> Bool { ProcessIdentity(name)?.isGone ?? false }
}
