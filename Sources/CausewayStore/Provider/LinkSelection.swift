package import CausewayModel

/// Which links are looked at.
package struct LinkSelection: Hashable, Sendable {
    /// Whose links.
    package let objects: Set<ObjectReference>
    /// Whether those of all deleted objects belong to it.
    package let includesDeleted: Bool

    package init(_ objects: Set<ObjectReference>, includesDeleted: Bool = false) {
        (self.objects, self.includesDeleted) = (objects, includesDeleted)
    }

    func keys(_ kind: ObjectKind) -> [SQLValue] {
        objects.filter { $0.kind == kind }.map(\.id).sorted().map { .text($0) }
    }
}
