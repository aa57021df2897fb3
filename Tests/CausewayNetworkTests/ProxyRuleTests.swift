import CausewayNetwork
import Testing

@Suite("The variables of proxies")
struct ProxyRuleTests {
    private func rule(_ proxy: String = "http://p:1", except: String = "") -> ProxyRule {
        ProxyRule(environment: ["HTTPS_PROXY": proxy, "NO_PROXY": except])
    }

    @Test("the first variable that is set names the proxy")
    func order() throws {
        func proxy(_ environment: [String: String]) -> String? { ProxyRule(environment: environment).address?.host }
        #expect(proxy([:]) == nil)
        #expect(proxy(["HTTPS_PROXY": "", "https_proxy": " ", "HTTP_PROXY": "http://h:1"]) == nil)
        #expect(proxy(["HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1", "ALL_PROXY": "http://c:1"]) == "a")
        #expect(proxy(["https_proxy": "http://b:1", "ALL_PROXY": "http://c:1"]) == "b")
        #expect(proxy(["all_proxy": "c:1"]) == "c")
        let wrong = ProxyRule(environment: ["ALL_PROXY": "socks5://u:hush@p:1080"])
        #expect(wrong.address == nil)
        #expect(wrong.violation?.hasPrefix("ALL_PROXY: ") == true && wrong.violation?.contains("hush") == false)
    }

    @Test(
        "NO_PROXY names the hosts without a proxy",
        arguments: [
            ("", "graph.microsoft.com", false), ("*", "graph.microsoft.com", true),
            ("microsoft.com", "graph.microsoft.com", true), ("microsoft.com", "microsoft.com", true),
            ("microsoft.com", "notmicrosoft.com", false), (".microsoft.com", "microsoft.com", false),
            (".microsoft.com", "graph.microsoft.com", true), ("*.microsoft.com", "Graph.Microsoft.Com.", true),
            ("a.com, graph.microsoft.com", "graph.microsoft.com", true),
            ("graph.microsoft.com:443", "graph.microsoft.com", true),
            ("graph.microsoft.com:8443", "graph.microsoft.com", false),
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false), ("10.1.2.3", "10.1.2.3", true),
            ("10.0.0.0/9", "10.128.0.1", false), ("2001:db8::/32", "[2001:db8::5]", true),
            ("[2001:db8::5]:443", "2001:db8::5", true), ("10.0.0.0/99", "10.0.0.1", false),
        ]
    )
    func exceptions(_ except: String, _ host: String, _ isDirect: Bool) {
        #expect(rule(except: except).isDirect(host, 443) == isDirect)
    }

    @Test("requests to this machine go directly")
    func loopback() {
        for host in ["localhost", "127.0.0.1", "[::1]", "tenant.localhost"] {
            #expect(rule().isDirect(host, 443), "\(host)")
            #expect(ProxyRule(text: "http://p:1").isDirect(host, 443), "\(host)")
        }
        #expect(!ProxyRule(text: "http://p:1").isDirect("graph.microsoft.com", 443))
    }
}
