package import CausewayJSON
package import CausewayModel

extension ProviderSettings {
    /// A provider for an emulated tenant.
    ///
    /// - Parameter endpoints: the line of JSON that the tenant prints.
    package init(_ name: String, tenant endpoints: JSONValue) {
        func text(_ key: String) -> String { endpoints[key]?.string ?? "" }
        self.init(name: name, clientID: text("client_id"), tenantID: text("tenant_id"))
        cloud = .custom
        (loginEndpoint, graphEndpoint) = (text("login_endpoint"), text("graph_endpoint"))
    }
}
