package import CausewayModel

/// Which links are selected.
package struct LinkSelection: Hashable, Sendable {
    /// Whose links.
    package let objects: Set<ObjectReference>
    /// Whether it includes those of all deleted objects.
    package let includesDeleted: Bool

    package init(_ objects: Set<ObjectReference>, includesDeleted: Bool = false) {
        (self.objects, self.includesDeleted) = (objects, includesDeleted)
    }

    func keys(_ kind: ObjectKind) -> [String] { objects.filter { $0.kind == kind }.map(\.id).sorted() }
}
