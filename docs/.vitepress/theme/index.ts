import { useData } from 'vitepress'
import theme from 'vitepress/theme-without-fonts'
import { defineComponent, h, onMounted, onUnmounted } from 'vue'
import english from '../../guides/pictures/en/4-choose.png'
import chinese from '../../guides/pictures/zh-CN/4-choose.png'
import './style.css'

/**
 * On the first page, what a subscriber sees: the guide's own picture in the reader's language. While it stands there, the
 * page's content is its main landmark, which the theme forgets on this one page.
 */
function usePicture() {
  const { lang } = useData()
  const content = () => document.getElementById('VPContent')
  onMounted(() => content()?.setAttribute('role', 'main'))
  onUnmounted(() => content()?.removeAttribute('role'))
  return () => {
    const inChinese = lang.value === 'zh-CN'
    return h('img', {
      class: 'image-src phone',
      src: inChinese ? chinese : english,
      alt: inChinese
        ? '手机上选好套餐，底栏显示充值前后的日期'
        : 'A package chosen on a phone, with the date before and after',
    })
  }
}

const FirstPagePicture = defineComponent({ setup: usePicture })

export default {
  ...theme,
  Layout: () => h(theme.Layout, null, { 'home-hero-image': () => h(FirstPagePicture) }),
}
