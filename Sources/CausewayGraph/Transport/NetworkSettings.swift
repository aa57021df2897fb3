package import CausewayNetwork

/// How requests leave this machine.
package struct NetworkSettings: Sendable {
    /// Where credentials may be sent to.
    package let endpoints: EndpointRule
    /// The proxy of providers that name none.
    package let proxies: ProxyRule
    /// Certificates in PEM of authorities that count besides the system's own. Tests name that of their tenant; no setting does.
    package let authorities: [String]

    package init(endpoints: EndpointRule = .standard, proxies: ProxyRule = .direct, authorities: [String] = []) {
        (self.endpoints, self.proxies, self.authorities) = (endpoints, proxies, authorities)
    }
}
