import CausewayGraph
import CausewayJSON
import CausewayModel

extension Action {
    /// How to find what a creation made, if its answer was lost or if it is refused because the object exists already: this process or an
    /// earlier one may have made it. A restored object is found by its id. A new object is Causeway's only if it carries the key that
    /// Causeway gave it; without a key it is not looked for, and the next run matches it.
    ///
    /// - Parameter selection: the properties to read of it.
    func lookup(_ selection: [String]) -> ObjectLookup? {
        let select = selection.joined(separator: ",")
        if verb == .restore {
            return entraID.map { ObjectLookup("/\(kind.collection)/\($0.rawValue.urlEncoded)?$select=\(select)") }
        }
        if kind == .group {
            return known["uniqueName"]?.string.map { name in
                ObjectLookup("/groups(uniqueName=\(name.odataLiteral))?$select=\(select)")
            }
        }
        if let id = known["onPremisesImmutableId"]?.string {
            let filter = "onPremisesImmutableId eq '\(id.doubledQuotes)'".urlEncoded
            let key = (property: "onPremisesImmutableId", value: JSONValue.string(id))
            return ObjectLookup("/users?$select=\(select)&$filter=\(filter)", key: key)
        }
        return known.mailIdentity.map { address in
            let filter = "identities/any(i:i/issuer eq 'mail' and i/issuerAssignedId eq '\(address.doubledQuotes)')"
            return ObjectLookup("/users?$select=\(select)&$filter=\(filter.urlEncoded)")
        }
    }
}

extension String {
    fileprivate var doubledQuotes: String { replacing("'", with: "''") }
}
