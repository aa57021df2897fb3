package import CausewayNetwork

/// The network settings of all requests to Graph and the sign-in service.
package struct NetworkSettings: Sendable {
    /// The addresses to which credentials may be sent.
    package let endpoints: EndpointRule
    /// The proxy of providers without their own.
    package let proxies: ProxyRule
    /// Additional certificate authorities, in PEM. Tests add the authority of their tenant. No setting adds one.
    package let authorities: [String]

    package init(endpoints: EndpointRule = .standard, proxies: ProxyRule = .direct, authorities: [String] = []) {
        (self.endpoints, self.proxies, self.authorities) = (endpoints, proxies, authorities)
    }
}
